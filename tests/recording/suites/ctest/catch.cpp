#define CATCH_CONFIG_MAIN
#include "client.hpp"
#include <catch2/catch.hpp>
#include <map>

TEST_CASE("signs in", "[accounts]") { REQUIRE(get("API", "/api/me").find("ada") != std::string::npos); }
TEST_CASE("is healthy", "[accounts]") { REQUIRE_NOTHROW(get("API", "/health")); }
TEST_CASE("chat answers a question", "[agents]") { REQUIRE(close_code() == 1000); }
TEST_CASE("quotes are priced", "[agents]") {
    long status = 0;
    get("API", "/api/quotes", &status);
    REQUIRE(status == 200);
}
TEST_CASE("report service is up", "[agents]") { get("DOWN", "/health"); }
TEST_CASE("deep report is ready in time", "[agents]") { get("SITE", "/slow"); }
TEST_CASE("basket holds the plan", "[agents]") { std::map<std::string, int>{{"total", 41}}.at("plan"); }
TEST_CASE("saving adds up", "[agents]") {
    auto basket = get("SITE", "/basket.json");
    SECTION("small plan") { CHECK(basket.find("41") != std::string::npos); }
    SECTION("large plan") { CHECK(basket == "{\"items\": [], \"total\": 43}"); }
}
TEST_CASE("partner resolves", "[agents]") { get("PARTNER", "/"); }
TEST_CASE("certificate is trusted", "[agents]") { get("TLS", "/"); }
TEST_CASE("says why it fails", "[agents]") { throw 42; }
TEST_CASE("exports as CSV", "[!shouldfail]") { REQUIRE(1 == 2); }
TEST_CASE("shows the total", "[agents]") { REQUIRE(get("SITE", "/basket.json").find("items: 1") != std::string::npos); }
TEST_CASE("renderer survives", "[agents][crash]") { *static_cast<volatile int *>(nullptr) = 1; }
