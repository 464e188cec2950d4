import os

import requests
import websocket

HEADERS = {"Authorization": f"Bearer {os.environ['STAGING_TOKEN']}"}


def get(service, path):
    answer = requests.get(os.environ[f"STAGING_{service}"] + path, headers=HEADERS, timeout=1)
    answer.raise_for_status()
    return answer.json()


class ChatClosed(Exception):  # noqa: N818 - as a team would name it
    pass


def chat(question):
    socket = websocket.create_connection(os.environ["STAGING_WS"], header=HEADERS, timeout=2)
    while True:
        code, data = socket.recv_data()
        if code == websocket.ABNF.OPCODE_CLOSE:
            raise ChatClosed(f"received {int.from_bytes(data[:2], 'big')} ({data[2:].decode()})")
