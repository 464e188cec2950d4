#[test]
fn renderer_survives() {
    std::process::abort();
}
