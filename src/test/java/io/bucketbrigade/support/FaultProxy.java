package io.bucketbrigade.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy between the service and a real server, at the level of TCP, that does to each request what a rule says: lets it
 * through, answers itself, keeps silent, breaks the connection off in the middle of the answer, or cuts the answer short.
 * Connections serve one request each, so that the rule sees every request.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)(\r\ncontent-length: *)(\\d+)");

    /** A request as its head says it. */
    public record Request(String method, String target, Map<String, String> headers) {
        /** Whether it reads an object, rather than listing. */
        public boolean readsObject() {
            return method.equals("GET") && !lists();
        }

        /** Whether it lists a bucket. */
        public boolean lists() {
            return method.equals("GET") && target.matches("/[^/?]+/?(\\?.*)?");
        }
    }

    private enum Kind {
        NONE,
        ANSWER,
        SILENCE,
        RESET,
        SHORTER
    }

    /** What is done to a request. */
    public record Fault(Kind kind, int number, String code, String message) {
        public static final Fault NONE = new Fault(Kind.NONE, 0, "", "");
        /** The request is accepted and never answered. */
        public static final Fault SILENCE = new Fault(Kind.SILENCE, 0, "", "");

        public static Fault answer(int status, String code) {
            return answer(status, code, code);
        }

        public static Fault answer(int status, String code, String message) {
            return new Fault(Kind.ANSWER, status, code, message);
        }

        /** The connection is reset when that many bytes of the answer have gone through. */
        public static Fault resetAfter(int bytes) {
            return new Fault(Kind.RESET, bytes, "", "");
        }

        /** The answer says that it has so many bytes less than it should, and has. */
        public static Fault shorterBy(int bytes) {
            return new Fault(Kind.SHORTER, bytes, "", "");
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final URI target;
    private volatile Function<Request, Fault> rule = request -> Fault.NONE;
    private volatile Predicate<Request> oneAtATime = request -> false;
    private final Lock turn = new ReentrantLock();

    public FaultProxy(URI target) throws IOException {
        this.target = target;
        threads.execute(this::accept);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on. */
    public void rule(Function<Request, Fault> now) {
        rule = now;
    }

    /**
     * These requests get through one after another. So a server that compares versions and puts objects in two steps does as S3, which does both in one.
     */
    public void oneAtATime(Predicate<Request> requests) {
        oneAtATime = requests;
    }

    /** What was asked so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            Request request = parse(head);
            requests.add(request);
            Fault fault = rule.apply(request);
            switch (fault.kind()) {
                case ANSWER -> answer(client, fault);
                case SILENCE -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
                default -> {
                    if (oneAtATime.test(request)) {
                        turn.lock();
                        try {
                            pass(client, head, fault);
                        } finally {
                            turn.unlock();
                        }
                    } else {
                        pass(client, head, fault);
                    }
                }
            }
        } catch (IOException brokenOff) {
            // One side has gone; the other sees it by the connection that is closed here.
        } finally {
            open.remove(client);
        }
    }

    private static void answer(Socket client, Fault fault) throws IOException {
        String body = "<?xml version=\"1.0\"?><Error><Code>" + fault.code() + "</Code><Message>" + fault.message()
                + "</Message></Error>";
        client.getOutputStream()
                .write(("HTTP/1.1 " + fault.number() + " Fault\r\nContent-Type: application/xml\r\nContent-Length: "
                                + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private void pass(Socket client, String head, Fault fault) throws IOException {
        try (Socket upstream = new Socket(target.getHost(), target.getPort())) {
            String once = head.replaceFirst("(?i)\r\nconnection: [^\r]*", "")
                    .replaceFirst("\r\n", "\r\nConnection: close\r\n");
            upstream.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
            threads.execute(() -> {
                try {
                    client.getInputStream().transferTo(upstream.getOutputStream());
                    // A sender that is gone sends no more of what the server waits for.
                    upstream.close();
                } catch (IOException brokenOff) {
                    // The answer shows it.
                }
            });
            InputStream answer = upstream.getInputStream();
            OutputStream out = client.getOutputStream();
            switch (fault.kind()) {
                case RESET -> {
                    out.write(answer.readNBytes(fault.number()));
                    out.flush();
                    client.setSoLinger(true, 0);
                }
                case SHORTER -> {
                    String answerHead = head(answer);
                    Matcher length = CONTENT_LENGTH.matcher(answerHead);
                    if (!length.find()) {
                        throw new IllegalStateException("no Content-Length in " + answerHead);
                    }
                    int shorter = Integer.parseInt(length.group(2)) - fault.number();
                    out.write(length.replaceFirst("$1" + shorter).getBytes(StandardCharsets.ISO_8859_1));
                    out.write(answer.readNBytes(shorter));
                }
                default -> answer.transferTo(out);
            }
        }
    }

    private static Request parse(String head) {
        String[] lines = head.strip().split("\r\n", -1);
        String[] first = lines[0].split(" ", -1);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int line = 1; line < lines.length; line++) {
            int colon = lines[line].indexOf(':');
            headers.put(
                    lines[line].substring(0, colon),
                    lines[line].substring(colon + 1).strip());
        }
        return new Request(first[0], first[1], headers);
    }

    /** All up to the empty line, which belongs to it; empty if there is nothing. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
