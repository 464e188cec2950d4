package com.example.shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Assume;
import org.junit.Ignore;
import org.junit.Test;

public class AccountsTest {
    private static int refreshes;

    @Test
    public void signsIn() throws Exception {
        assertTrue(Staging.get("API", "/api/me").contains("ada"));
    }

    @Test
    public void isHealthy() throws Exception {
        Staging.get("API", "/health");
    }

    @Test
    public void sessionIsRefreshed() {
        assertEquals("the first refresh is lost", 2, ++refreshes);
    }

    @Test
    @Ignore("no PDF on staging")
    public void exportsAsPdf() {
    }

    @Test
    public void exportsAsCsv() {
        Assume.assumeTrue("no CSV on staging", false);
    }

    @Test
    public void showsTheTotal() throws Exception {
        assertTrue(Staging.get("SITE", "/basket.json").contains("41"));
    }
}
