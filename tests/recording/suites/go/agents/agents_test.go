package agents

import (
	"testing"
	"time"

	"example.com/shop/staging"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func basket(t *testing.T) (found staging.Basket) {
	t.Helper()
	require.NoError(t, staging.Get("SITE", "/basket.json", time.Second, &found))
	return found
}

func TestChatAnswersAQuestion(t *testing.T) {
	if err := staging.Chat("What do I pay?"); err != nil {
		t.Fatalf("chat: %v", err)
	}
}

func TestQuotesArePriced(t *testing.T) {
	var quotes map[string]any
	require.NoError(t, staging.Get("API", "/api/quotes", time.Second, &quotes))
}

func TestReportServiceIsUp(t *testing.T) {
	var health map[string]any
	if err := staging.Get("DOWN", "/health", time.Second, &health); err != nil {
		t.Error(err)
	}
}

func TestDeepReportIsReadyInTime(t *testing.T) {
	var report map[string]any
	require.NoError(t, staging.Get("SITE", "/slow", time.Second, &report))
}

func TestBasketHoldsThePlan(t *testing.T) {
	assert.Contains(t, basket(t).Items, "small", "the plan is missing")
}

func TestSavingAddsUp(t *testing.T) {
	for _, plan := range []struct {
		name  string
		total int
	}{{"small plan", 41}, {"large plan", 43}} {
		t.Run(plan.name, func(t *testing.T) {
			if got := basket(t).Total; got != plan.total {
				t.Errorf("total = %d, want %d", got, plan.total)
			}
		})
	}
}

func TestPartnerResolves(t *testing.T) {
	var nothing any
	require.NoError(t, staging.Get("PARTNER", "/", time.Second, &nothing))
}

func TestCertificateIsTrusted(t *testing.T) {
	var nothing any
	require.NoError(t, staging.Get("TLS", "/", time.Second, &nothing))
}

func TestSaysWhyItFails(t *testing.T) {
	t.Fail()
}

func TestShowsTheTotal(t *testing.T) {
	assert.Len(t, basket(t).Items, 1)
}
