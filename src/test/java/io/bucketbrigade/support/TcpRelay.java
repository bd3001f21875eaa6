package io.bucketbrigade.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A relay between a client and a server that cuts the line: at once, or when so many bytes have gone to the server. */
public final class TcpRelay implements AutoCloseable {
    private final int target;
    private final int port = TestService.freePort();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private @Nullable ServerSocket listening;

    /** @param target the server's port on this machine */
    public TcpRelay(int target) {
        this.target = target;
    }

    /** Where clients connect to. */
    public int port() {
        return port;
    }

    /** Lets clients through. */
    public synchronized void fix() throws IOException {
        left.set(Long.MAX_VALUE);
        if (listening == null) {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listening = socket;
            inBackground(() -> accept(socket));
        }
    }

    /** Lets nobody through any more, and cuts off who is. */
    public synchronized void cut() throws IOException {
        if (listening != null) {
            listening.close();
            listening = null;
        }
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Cuts all lines when so many more bytes have gone to the server. */
    public void cutAfter(long bytes) {
        left.set(bytes);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException cut) {
                // The line was cut, here or at the other end; that is what this is for.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket socket) throws IOException {
        while (true) {
            Socket client = socket.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(server);
            inBackground(() -> pump(client, server, true));
            inBackground(() -> pump(server, client, false));
        }
    }

    private void pump(Socket from, Socket to, boolean counted) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (counted && left.addAndGet(-read) < 0) {
                    cut();
                    return;
                }
                out.write(buffer, 0, read);
            }
        }
    }

    @Override
    public void close() throws IOException {
        cut();
    }
}
