package com.example.shop;

import org.junit.Test;

public class RendererTest {
    @Test
    public void rendererSurvives() {
        Runtime.getRuntime().halt(137);
    }
}
