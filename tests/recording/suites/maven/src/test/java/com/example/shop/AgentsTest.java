package com.example.shop;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import org.junit.Test;

public class AgentsTest {
    @Test
    public void chatAnswersAQuestion() throws Exception {
        Staging.chat();
    }

    @Test
    public void quotesArePriced() throws Exception {
        Staging.get("API", "/api/quotes");
    }

    @Test
    public void reportServiceIsUp() throws Exception {
        Staging.get("DOWN", "/health");
    }

    @Test
    public void deepReportIsReadyInTime() throws Exception {
        Staging.get("SITE", "/slow");
    }

    @Test(timeout = 500)
    public void deepReportIsRendered() throws Exception {
        Thread.sleep(5000);
    }

    @Test
    public void basketHoldsThePlan() {
        Map<String, String> basket = Map.of("total", "41");
        System.out.println(basket.get("plan").length());
    }

    @Test
    public void savingAddsUp() throws Exception {
        assertEquals("{\"items\": [], \"total\": 42}", Staging.get("SITE", "/basket.json"));
    }

    @Test
    public void partnerResolves() throws Exception {
        Staging.get("PARTNER", "/");
    }

    @Test
    public void certificateIsTrusted() throws Exception {
        Staging.get("TLS", "/");
    }

    @Test
    public void saysWhyItFails() {
        throw new RuntimeException("quota exceeded", null, false, false) {
        };
    }

    @Test
    public void wrapsItsCause() {
        try {
            Staging.get("API", "/api/quotes");
        } catch (Exception error) {
            throw new Staging.PlanException("the plan could not be priced", error);
        }
    }

    @Test
    public void showsTheTotal() throws Exception {
        assertEquals(1, Staging.get("SITE", "/basket.json").split("items").length);
    }
}
