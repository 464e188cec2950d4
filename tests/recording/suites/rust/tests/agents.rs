use std::panic::panic_any;

#[test]
fn chat_answers_a_question() {
    shop::chat().unwrap();
}

#[test]
fn quotes_are_priced() {
    shop::get("API", "/api/quotes").expect("quotes");
}

#[test]
fn report_service_is_up() {
    shop::get("DOWN", "/health").unwrap();
}

#[test]
fn deep_report_is_ready_in_time() {
    shop::get("SITE", "/slow").unwrap();
}

#[test]
fn basket_holds_the_plan() {
    let basket = shop::get("SITE", "/basket.json").unwrap();
    basket.find("plan").unwrap();
}

#[test]
fn saving_adds_up() {
    let basket = shop::get("SITE", "/basket.json").unwrap();
    assert_eq!(basket, "{\"items\": [], \"total\": 42}", "the saving of the small plan");
}

#[test]
fn partner_resolves() -> Result<(), std::io::Error> {
    shop::get("PARTNER", "/").map(|_| ())
}

#[test]
fn says_why_it_fails() {
    panic_any(42);
}

#[test]
#[should_panic(expected = "quota")]
fn refuses_a_second_order() {}

#[test]
fn shows_the_total() {
    assert!(shop::get("SITE", "/basket.json").unwrap().contains("items: 1"));
}
