*** Settings ***
Library         Staging.py
Suite Setup     Get From DOWN    /archive

*** Test Cases ***
Keeps Runs
    No Operation

Keeps Threads
    No Operation
