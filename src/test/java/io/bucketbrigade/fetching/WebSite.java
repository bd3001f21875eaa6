package io.bucketbrigade.fetching;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A web server on sockets, which answers as a rule says, rightly or wrongly. Each connection serves one request. */
final class WebSite implements AutoCloseable {
    /** A request as its head says it; names of headers are in lower case. */
    record Request(String target, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** An answer, right unless it is told otherwise. */
    static final class Answer {
        private final String status;
        private final byte[] body;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private int sent = Integer.MAX_VALUE;
        private boolean chunked;
        private boolean dripping;
        private boolean hasLength = true;
        private @Nullable CountDownLatch before;

        private Answer(String status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        static Answer of(String status, byte[] body) {
            return new Answer(status, body);
        }

        static Answer ok(String body) {
            return of("200 OK", body.getBytes(StandardCharsets.UTF_8));
        }

        static Answer redirect(String target) {
            return of("302 Found", new byte[0]).with("Location", target);
        }

        Answer with(String header, String value) {
            headers.put(header, value);
            return this;
        }

        /** The connection is reset after so many bytes of the body. */
        Answer cutAfter(int bytes) {
            sent = bytes;
            return this;
        }

        Answer inChunks() {
            chunked = true;
            return this;
        }

        Answer withoutLength() {
            hasLength = false;
            return this;
        }

        /** Sends only some bytes until somebody counts down. */
        Answer waiting(int bytes, CountDownLatch latch) {
            sent = bytes;
            before = latch;
            return this;
        }

        /** Sends a byte at a time. */
        Answer dripping() {
            dripping = true;
            return this;
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "web-site");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Answer> rule = request -> Answer.of("404 Not Found", new byte[0]);

    WebSite() throws IOException {
        threads.execute(this::accept);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on. */
    void rule(Function<Request, Answer> now) {
        rule = now;
        requests.clear();
    }

    /** What was asked since the rule was set. */
    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Answers as a server of files does that knows versions and ranges. */
    static Answer file(Request request, byte[] content, String tag) {
        if (request.header("if-none-match").equals(tag)) {
            return Answer.of("304 Not Modified", new byte[0]).with("ETag", tag);
        }
        String range = request.header("range");
        if (!range.isEmpty() && request.header("if-range").equals(tag)) {
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            return Answer.of("206 Partial Content", Arrays.copyOfRange(content, from, content.length))
                    .with("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length)
                    .with("ETag", tag);
        }
        return Answer.of("200 OK", content).with("ETag", tag).with("Content-Type", "text/csv");
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            Map<String, String> headers = new TreeMap<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (first == null) {
                return;
            }
            Request request = new Request(first.split(" ", -1)[1], headers);
            requests.add(request);
            answer(socket, rule.apply(request));
        } catch (IOException brokenOff) {
            // The client has gone.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Socket socket, Answer answer) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status + "\r\nConnection: close\r\n");
        answer.headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] body = answer.body;
        if (answer.chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
            body = chunks(body);
        } else if (answer.hasLength
                && !answer.headers.containsKey("Content-Length")
                && !answer.status.startsWith("304")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        int sent = Math.min(answer.sent, body.length);
        if (answer.dripping) {
            for (int at = 0; at < sent; at++) {
                out.write(body[at]);
                Thread.sleep(20);
            }
        }
        out.write(body, 0, sent);
        out.flush();
        if (answer.before != null) {
            answer.before.await();
            out.write(body, sent, body.length - sent);
            out.flush();
        } else if (sent < body.length) {
            socket.setSoLinger(true, 0);
        }
    }

    private static byte[] chunks(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += 1000) {
            int length = Math.min(1000, body.length - from);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(body, from, length);
            out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
