package renderer

import (
	"testing"
	"time"

	"example.com/shop/staging"
)

func TestLoads(t *testing.T) {}

func TestRendererSurvives(t *testing.T) {
	var basket staging.Basket
	if err := staging.Get("SITE", "/basket.json", time.Second, &basket); err != nil {
		t.Fatal(err)
	}
	t.Log(basket.Plan.Name)
}

func TestIsNeverReached(t *testing.T) {}
