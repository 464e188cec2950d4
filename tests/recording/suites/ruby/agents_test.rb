require 'minitest/autorun'
require 'minitest/reporters'
require 'faraday'
require 'json'

Minitest::Reporters.use! Minitest::Reporters::JUnitReporter.new(ENV.fetch('OUT') + '/minitest')

def get(service, path)
  JSON.parse(Faraday.new(ENV.fetch("STAGING_#{service}"), request: { timeout: 1 }) { |c| c.response :raise_error; c.adapter :net_http }
    .get(path, nil, 'Authorization' => "Bearer #{ENV.fetch('STAGING_TOKEN')}").body)
end

class AccountsTest < Minitest::Test
  def test_signs_in = assert_equal({ 'user' => 'ada' }, get('API', '/api/me'))
  def test_exports_as_pdf = skip('no PDF on staging')
  def test_shows_the_total = assert_equal(41, get('SITE', '/basket.json')['total'])
end

class AgentsTest < Minitest::Test
  def test_quotes_are_priced = get('API', '/api/quotes')
  def test_report_service_is_up = get('DOWN', '/health')
  def test_deep_report_is_ready_in_time = get('SITE', '/slow')
  def test_basket_holds_the_plan = assert_includes(get('SITE', '/basket.json'), 'plan')
  def test_saving_adds_up = assert_equal(42, get('SITE', '/basket.json')['total'])
  def test_partner_resolves = get('PARTNER', '/')
  def test_certificate_is_trusted = get('TLS', '/')
  def test_says_why_it_fails = flunk
  def test_shows_the_total = assert_equal(1, get('SITE', '/basket.json')['items'].length)
end
