require 'faraday'
require 'json'
require 'rspec/retry'
require 'socket'
require 'timeout'
require 'websocket'

RSpec.configure { |config| config.filter_gems_from_backtrace 'faraday', 'rspec-retry' }

def get(service, path)
  answer = Faraday.new(ENV.fetch("STAGING_#{service}"), request: { timeout: 1 }) { |c| c.response :raise_error; c.adapter :net_http }
                  .get(path, nil, 'Authorization' => "Bearer #{ENV.fetch('STAGING_TOKEN')}")
  JSON.parse(answer.body)
end

class ChatClosed < StandardError; end

def chat
  shake = WebSocket::Handshake::Client.new(url: ENV.fetch('STAGING_WS'), headers: { 'Authorization' => "Bearer #{ENV.fetch('STAGING_TOKEN')}" })
  socket = TCPSocket.new(shake.host, shake.port)
  socket.write(shake.to_s)
  shake << socket.readpartial(4096) until shake.finished?
  frames = WebSocket::Frame::Incoming::Client.new(version: shake.version)
  frames << shake.leftovers.to_s
  loop do
    frame = frames.next
    raise ChatClosed, "WebSocket closed with code #{frame.code}: #{frame.data}" if frame&.type == :close

    frames << socket.readpartial(4096) unless frame
  end
end
