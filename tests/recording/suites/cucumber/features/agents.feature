Feature: Agents
  Scenario: chat answers a question
    Given I am signed in
    When I ask the chat "What do I pay?"

  Scenario: quotes are priced
    Given I am signed in
    When I ask for "api" "/api/quotes"

  Scenario: report service is up
    When I ask for "down" "/health"

  Scenario: deep report is ready in time
    When I ask for "site" "/slow"

  Scenario: basket holds the plan
    When I ask for "site" "/basket.json"
    Then the plan is "small"

  Scenario: saving adds up
    When I ask for "site" "/basket.json"
    Then the total is 42

  Scenario: partner resolves
    When I ask for "partner" "/"

  Scenario: certificate is trusted
    When I ask for "tls" "/"

  Scenario: says why it fails
    When it fails without a reason

  Scenario: voucher is taken off
    Given I am signed in
    When I enter a voucher

  Scenario: shows the total
    When I ask for "site" "/basket.json"
    Then there is 1 item

  Scenario Outline: <plan> plan is priced
    When I ask for "site" "/basket.json"
    Then the total is <total>

    Examples:
      | plan  | total |
      | small | 41    |
      | large | 43    |
