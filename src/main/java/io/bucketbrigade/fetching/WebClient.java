package io.bucketbrigade.fetching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/** Apache's HTTP client, bounded: where it connects to, how often it is redirected, and how long it waits. */
final class WebClient implements Closeable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_CONNECTIONS = 8;

    private final CloseableHttpClient client;

    WebClient(FetchLimits limits) {
        this(limits, DefaultClientTlsStrategy.createDefault());
    }

    /** @param tls says which servers are trusted */
    WebClient(FetchLimits limits, TlsSocketStrategy tls) {
        Timeout stall = Timeout.of(limits.stall());
        Timeout connect = Timeout.of(limits.stall().compareTo(CONNECT_WITHIN) < 0 ? limits.stall() : CONNECT_WITHIN);
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(tls)
                        .setDnsResolver(new VettedNames(limits.allowsPrivate()))
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(stall)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(stall)
                        .setMaxRedirects(MOST_REDIRECTS)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setRedirectStrategy(new CarefulRedirects())
                // Lengths are those of what is sent, and so are the ranges in it.
                .disableContentCompression()
                // Download does that, and knows what has arrived.
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("Bucket-Brigade")
                .build();
    }

    /**
     * Sends a request; what the handler throws is thrown.
     *
     * @param context knows afterwards where the request was redirected to
     */
    <T> T execute(HttpGet request, HttpClientContext context, HttpClientResponseHandler<T> handler) throws IOException {
        return client.execute(request, context, handler);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** Names are resolved once, here: what is checked is what is connected to, whatever the name means a moment later. */
    private record VettedNames(boolean allowsPrivate) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            for (InetAddress address : addresses) {
                if (!allowsPrivate && !PublicAddresses.isPublic(address)) {
                    throw new Problem(
                            Kind.FORBIDDEN,
                            "the address of " + host + " is " + address.getHostAddress() + ", but "
                                    + PublicAddresses.REFUSED);
                }
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /** Follows only from web to web, and not from a safe connection to one that anybody can read and change. */
    private static final class CarefulRedirects extends DefaultRedirectStrategy {
        @Override
        public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context)
                throws HttpException {
            URI target = super.getLocationURI(request, response, context);
            String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
            if (!scheme.matches("https?") || target.getHost() == null) {
                throw refused(target, ", which is not fetched");
            }
            if (target.getRawUserInfo() != null) {
                throw refused(target, " with a user or a password, which are not sent");
            }
            if (scheme.equals("http") && "https".equalsIgnoreCase(request.getScheme())) {
                throw refused(target, ", where anybody between could change the file");
            }
            return target;
        }

        private static Problem refused(URI target, String why) {
            return new Problem(
                    Kind.FORBIDDEN,
                    "the server redirects to " + FetchSource.shown(target.toString()) + why + ". Correct the address.");
        }
    }
}
