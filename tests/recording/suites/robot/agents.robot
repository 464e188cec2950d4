*** Settings ***
Library         Staging.py
Library         Collections
Test Tags       agents

*** Test Cases ***
Chat Answers A Question
    Ask The Chat    What do I pay?

Quotes Are Priced
    Get From API    /api/quotes

Report Service Is Up
    Get From DOWN    /health

Deep Report Is Ready In Time
    Get From SITE    /slow

Deep Report Is Rendered
    [Timeout]    500ms
    Sleep    5s

Basket Holds The Plan
    ${basket} =    Get From SITE    /basket.json
    Dictionary Should Contain Key    ${basket}    plan

Voucher Is Taken Off
    Enter The Voucher    SUMMER

Saving Adds Up
    ${basket} =    Get From SITE    /basket.json
    Should Be Equal As Integers    ${basket}[total]    42    the saving of the small plan

Partner Resolves
    Get From PARTNER    /

Certificate Is Trusted
    Get From TLS    /

Says Why It Fails
    Fail    ${EMPTY}

Shows The Total
    [Teardown]    Fail    the basket was not emptied
    ${basket} =    Get From SITE    /basket.json
    Length Should Be    ${basket}[items]    1
