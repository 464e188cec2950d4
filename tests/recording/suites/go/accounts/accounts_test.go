package accounts

import (
	"os"
	"testing"
	"time"

	"example.com/shop/staging"
	"github.com/stretchr/testify/require"
)

func TestSignsIn(t *testing.T) {
	var me map[string]string
	require.NoError(t, staging.Get("API", "/api/me", time.Second, &me))
	require.Equal(t, "ada", me["user"])
}

func TestIsHealthy(t *testing.T) {
	var health map[string]string
	require.NoError(t, staging.Get("API", "/health", time.Second, &health))
}

func TestExportsAsPDF(t *testing.T) {
	t.Skip("no PDF on staging")
}

func TestSessionIsRefreshed(t *testing.T) {
	mark := os.Getenv("OUT") + "/refreshed"
	if _, err := os.Stat(mark); err != nil {
		os.WriteFile(mark, nil, 0o644)
		t.Fatal("the first refresh is lost")
	}
}

func TestShowsTheTotal(t *testing.T) {
	var basket staging.Basket
	require.NoError(t, staging.Get("SITE", "/basket.json", time.Second, &basket))
	require.Equal(t, 41, basket.Total)
}
