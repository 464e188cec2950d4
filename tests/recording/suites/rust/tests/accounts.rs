#[test]
fn signs_in() {
    assert!(shop::get("API", "/api/me").unwrap().contains("ada"));
}

#[test]
fn is_healthy() {
    shop::get("API", "/health").unwrap();
}

#[test]
#[ignore = "no PDF on staging"]
fn exports_as_pdf() {}

#[test]
fn shows_the_total() {
    assert!(shop::get("SITE", "/basket.json").unwrap().contains("41"));
}
