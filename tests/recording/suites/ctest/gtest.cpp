#include "client.hpp"
#include <gtest/gtest.h>
#include <fstream>
#include <map>

TEST(Accounts, SignsIn) { EXPECT_NE(get("API", "/api/me").find("ada"), std::string::npos); }
TEST(Accounts, IsHealthy) { EXPECT_NO_THROW(get("API", "/health")); }
TEST(Accounts, ExportsAsPdf) { GTEST_SKIP() << "no PDF on staging"; }
TEST(Accounts, DISABLED_ExportsAsCsv) {}
TEST(Accounts, SessionIsRefreshed) {
    std::string mark = std::string(std::getenv("OUT")) + "/../refreshed";
    bool second = std::ifstream(mark).good();
    std::ofstream(mark) << "1";
    ASSERT_TRUE(second) << "the first refresh is lost";
}
TEST(Accounts, ShowsTheTotal) { EXPECT_NE(get("SITE", "/basket.json").find("41"), std::string::npos); }

TEST(Agents, ChatAnswersAQuestion) { ASSERT_EQ(close_code(), 1000) << "the chat was closed with code 1011"; }
TEST(Agents, QuotesArePriced) {
    long status = 0;
    get("API", "/api/quotes", &status);
    EXPECT_EQ(status, 200);
}
TEST(Agents, ReportServiceIsUp) { get("DOWN", "/health"); }
TEST(Agents, DeepReportIsReadyInTime) { get("SITE", "/slow"); }
TEST(Agents, BasketHoldsThePlan) { std::map<std::string, int>{{"total", 41}}.at("plan"); }
TEST(Agents, SavingAddsUp) { EXPECT_EQ(get("SITE", "/basket.json"), "{\"items\": [], \"total\": 42}"); }
TEST(Agents, PartnerResolves) { get("PARTNER", "/"); }
TEST(Agents, CertificateIsTrusted) { get("TLS", "/"); }
TEST(Agents, SaysWhyItFails) { throw 42; }
TEST(Agents, ShowsTheTotal) { EXPECT_NE(get("SITE", "/basket.json").find("items: 1"), std::string::npos); }

class Plans : public testing::TestWithParam<int> {};
TEST_P(Plans, IsPriced) { EXPECT_EQ(GetParam(), 41) << "plan of another price"; }
INSTANTIATE_TEST_SUITE_P(Eu, Plans, testing::Values(41, 43));

TEST(Renderer, Survives) {
    if (std::getenv("CRASH")) *static_cast<volatile int *>(nullptr) = 1;
}
