package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.netty.util.NetUtil;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, and where to, as far as that can be believed.
 *
 * @param address the address of the one who calls, or of the proxy between, if that does not say it
 * @param isThroughProxy whether a proxy is between, trusted or not
 * @param scheme with which the service was called; none if unknown, because a proxy may be between that does not say so
 * @param host under which the service was called, with the port if that was named
 */
record Caller(
        String address,
        boolean isThroughProxy,
        @Nullable String scheme,
        @Nullable String host) {

    /**
     * Refuses calls from pages of others.
     *
     * @param origin the page's origin; none if the call is from no page
     */
    void refuseForeignOrigin(@Nullable String origin) {
        if (origin != null && !isOwn(origin)) {
            throw new Problem(Kind.FORBIDDEN, "Calls that write are not accepted from pages of another origin.");
        }
    }

    private static String withoutDefault(String authority, String port) {
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    /**
     * Whether the service was called by a name that is always this machine's. Any other name may be one of a page elsewhere whose address
     * was changed to this machine's after the browser had loaded it (DNS rebinding), so that it is of the same origin.
     */
    boolean isForThisMachine() {
        HostAndPort named = host == null ? null : HostAndPort.parseAuthority(host, -1);
        if (named == null) {
            return host == null;
        }
        String name = named.host().toLowerCase(Locale.ROOT);
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
        return address == null ? name.equals("localhost") || name.endsWith(".localhost") : address.isLoopbackAddress();
    }

    private boolean isOwn(String origin) {
        try {
            URI page = URI.create(origin);
            String port = "https".equalsIgnoreCase(page.getScheme()) ? ":443" : ":80";
            return host != null
                    && page.getAuthority() != null
                    && withoutDefault(page.getAuthority(), port).equals(withoutDefault(host, port))
                    && (scheme == null || scheme.equalsIgnoreCase(page.getScheme()));
        } catch (IllegalArgumentException noUri) {
            return false;
        }
    }
}
