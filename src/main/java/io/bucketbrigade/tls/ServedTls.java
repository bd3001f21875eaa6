package io.bucketbrigade.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * How a server of Vert.x speaks TLS: each connection gets the certificate that is served when it begins, and keeps it. Vert.x's
 * own way to replace a certificate drops connections that arrive meanwhile.
 */
public final class ServedTls extends SSLEngineOptions {
    /** The versions of TLS that are served. */
    static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final Current current;
    private final KeyCertOptions first;

    public ServedTls(TlsIdentity identity) {
        this.current = new Current(identity.context());
        this.first = KeyCertOptions.wrap(identity.keys());
    }

    /** Has a server speak it, and nothing else. */
    public void applyTo(HttpServerOptions server) {
        server.setSsl(true)
                .setSslEngineOptions(this)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                // Vert.x insists on it, and does not use it then.
                .setKeyCertOptions(first);
    }

    /** Serves another certificate from now on. */
    public void serve(TlsIdentity renewed) {
        current.context = renewed.context();
    }

    @Override
    public SSLEngineOptions copy() {
        return this;
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return () -> current;
    }

    private static final class Current extends SslContext {
        private volatile SslContext context;

        Current(SslContext context) {
            this.context = context;
        }

        @Override
        public boolean isClient() {
            return false;
        }

        @Override
        public List<String> cipherSuites() {
            return context.cipherSuites();
        }

        @Override
        @SuppressWarnings("deprecation")
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return context.applicationProtocolNegotiator();
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator buffers) {
            return context.newEngine(buffers);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator buffers, String host, int port) {
            return context.newEngine(buffers, host, port);
        }

        @Override
        public SSLSessionContext sessionContext() {
            return context.sessionContext();
        }
    }
}
