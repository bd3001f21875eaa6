package io.bucketbrigade.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The yardstick for GET /leaderboard: Vert.x alone, answering the same bytes from memory. PORT FILE. */
final class BareServer {
    private BareServer() {}

    public static void main(String[] arguments) throws Exception {
        Buffer body = Buffer.buffer(Files.readAllBytes(Path.of(arguments[1])));
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(request -> {
                    request.response()
                            .putHeader("ETag", "\"1\"")
                            .putHeader("Cache-Control", "no-cache")
                            .putHeader("Content-Type", "application/json");
                    if ("\"1\"".equals(request.getHeader("If-None-Match"))) {
                        request.response().setStatusCode(304).end();
                    } else {
                        request.response().end(body);
                    }
                })
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1");
    }
}
