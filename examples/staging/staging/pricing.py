"""The dependency: a price per model, for those who hold the service token."""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PRICES = {"small": 0.25, "medium": 0.9, "large": 2.75}


async def quotes(request: Request) -> Response:
    if request.headers.get("x-service-token") != os.environ["AGENT_SERVICE_TOKEN"]:
        return JSONResponse({"error": "unknown service"}, status_code=403)
    return JSONResponse({"currency": "USD", "per": 1000, "prices": PRICES})


app = Starlette(routes=[Route("/v1/quotes", quotes)])
