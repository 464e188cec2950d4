package com.example.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

final class Staging {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    static class PlanException extends RuntimeException {
        PlanException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static String get(String service, String path) throws Exception {
        URI uri = URI.create(System.getenv("STAGING_" + service) + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1))
                .header("Authorization", "Bearer " + System.getenv("STAGING_TOKEN")).build();
        HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            throw new IOException("Server returned HTTP response code: " + response.statusCode() + " for URL: " + uri);
        }
        return response.body();
    }

    static String chat() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CLIENT.newWebSocketBuilder().header("Authorization", "Bearer " + System.getenv("STAGING_TOKEN"))
                .buildAsync(URI.create(System.getenv("STAGING_WS")), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        answer.completeExceptionally(new IOException("WebSocket closed: " + code + " " + reason));
                        return null;
                    }
                }).get(2, TimeUnit.SECONDS);
        return answer.get(2, TimeUnit.SECONDS);
    }
}
