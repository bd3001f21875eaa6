package io.bucketbrigade.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** HTTP as it goes over the wire: clients correct addresses and hide bodies that should not be there. */
public final class RawCall {
    private static final int PATIENCE_MS = 30_000;

    private RawCall() {}

    /**
     * What came back.
     *
     * @param headers with names in lowercase, without Date and Connection
     */
    public record Answer(int status, Map<String, String> headers, String body) {}

    /** The whole answer. */
    public static Answer send(int port, String method, String path, String body, String... headers) throws IOException {
        String answer = exchange(port, request(method, path, body, headers));
        int end = answer.indexOf("\r\n\r\n");
        return answer(answer.substring(0, end), answer.substring(end + 4));
    }

    /** The answer without its body, which may never end. */
    public static Answer sendHead(int port, String method, String path, String body, String... headers)
            throws IOException {
        try (Socket socket = connect(port, request(method, path, body, headers))) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
                int one = in.read();
                if (one < 0) {
                    throw new IOException("the answer ends in its head: " + head);
                }
                head.write(one);
            }
            return answer(head.toString(StandardCharsets.UTF_8).stripTrailing(), "");
        }
    }

    /** Everything that comes until the connection is closed. */
    public static String exchange(int port, String requests) throws IOException {
        try (Socket socket = connect(port, requests)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(int port, String requests) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String request(String method, String path, String body, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        String length =
                body.isEmpty() ? "" : "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + length + "\r\n"
                + body;
    }

    private static Answer answer(String head, String body) {
        String[] lines = head.split("\r\n", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int at = 1; at < lines.length; at++) {
            String[] parts = lines[at].split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        headers.remove("date");
        headers.remove("connection");
        return new Answer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, body);
    }
}
