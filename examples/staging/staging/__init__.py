"""A small staging system: an HTTP API, a WebSocket gateway and a pricing service, each a process of its own."""
