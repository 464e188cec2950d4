@accounts
Feature: Accounts
  Background:
    Given I am signed in

  Scenario: signs in
    When I ask for "api" "/api/me"

  Scenario: is healthy
    When I ask for "api" "/health"

  @flaky
  Scenario: session is refreshed
    When I refresh my session

  Scenario: exports as PDF
    When I export as PDF

  Scenario: exports as CSV
    When I export as CSV

  Scenario: shows the total
    When I ask for "site" "/basket.json"
    Then the total is 41
