require_relative 'staging'

RSpec.describe 'agents' do
  it('chat answers a question') { chat }
  it('quotes are priced') { get('API', '/api/quotes') }
  it('report service is up') { get('DOWN', '/health') }
  it('deep report is ready in time') { get('SITE', '/slow') }
  it('deep report is rendered') { Timeout.timeout(0.5) { sleep 5 } }
  it('basket holds the plan') { get('SITE', '/basket.json').fetch('plan') }
  it('basket has a plan') { get('SITE', '/basket.json')['plan']['name'] }
  it('saving adds up') { expect(get('SITE', '/basket.json')).to eq('items' => [], 'total' => 42) }
  it('partner resolves') { get('PARTNER', '/') }
  it('certificate is trusted') { get('TLS', '/') }
  it('says why it fails') { raise }
  it('shows the total') { expect(get('SITE', '/basket.json')['items'].length).to eq(1) }
  it('wraps its cause') do
    get('API', '/api/quotes')
  rescue Faraday::Error
    raise 'the plan could not be priced'
  end
end

RSpec.describe 'archive' do
  before { get('DOWN', '/archive') }

  it('keeps runs') {}
end
