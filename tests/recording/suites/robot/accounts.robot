*** Settings ***
Library    Staging.py

*** Test Cases ***
Signs In
    ${me} =    Get From API    /api/me
    Should Be Equal    ${me}[user]    ada

Is Healthy
    Get From API    /health

Session Is Refreshed
    Refresh The Session

Exports As PDF
    Skip    no PDF on staging

Exports As CSV
    Export As CSV

Shows The Total
    ${basket} =    Get From SITE    /basket.json
    Should Be Equal As Integers    ${basket}[total]    41
