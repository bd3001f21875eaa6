package io.bucketbrigade.web;

import io.bucketbrigade.settings.Values;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word on who calls them is taken. What anybody else says of that is ignored, except that a call that says to
 * have come through a proxy is not one of somebody at this machine.
 */
public final class TrustedProxies {
    private static final String FOR = "X-Forwarded-For";
    private static final String HOST = "X-Forwarded-Host";
    private static final String SCHEME = "X-Forwarded-Proto";
    /** What proxies add beside X-Forwarded-…. Forwarded is not believed: proxies that send the others pass it on as callers wrote it. */
    private static final List<String> OF_PROXIES = List.of("Forwarded", "X-Real-IP", "Via");

    private final List<IpSubnetFilterRule> ranges;

    private TrustedProxies(List<IpSubnetFilterRule> ranges) {
        this.ranges = ranges;
    }

    /**
     * Those of a setting.
     *
     * @param list addresses and ranges, separated by commas; blank for none
     * @throws IllegalArgumentException if something is neither
     */
    public static TrustedProxies of(String list) {
        return new TrustedProxies(
                Values.list(list).stream().map(TrustedProxies::range).toList());
    }

    private static IpSubnetFilterRule range(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        int bits = address.getAddress().length * 8;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(text);
        }
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    /** Of an address in digits; names are never looked up. */
    private static @Nullable InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    private boolean include(@Nullable InetAddress address) {
        return address != null && ranges.stream().anyMatch(range -> range.matches(new InetSocketAddress(address, 0)));
    }

    /** Who makes a call. */
    Caller caller(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String peer = request.remoteAddress().hostAddress();
        String host = request.getHeader("Host");
        if (!include(address(peer))) {
            return new Caller(
                    peer,
                    headers.names().stream().anyMatch(TrustedProxies::isOfProxy),
                    request.isSSL() ? "https" : null,
                    host);
        }
        List<String> scheme = values(headers, SCHEME);
        List<String> hosts = values(headers, HOST);
        return new Caller(
                client(values(headers, FOR), peer),
                true,
                scheme.isEmpty() ? null : scheme.get(scheme.size() - 1),
                hosts.isEmpty() ? host : hosts.get(hosts.size() - 1));
    }

    /** The last that is not a trusted proxy: each proxy adds whom it was called by, and what is before that may be made up. */
    private String client(List<String> hops, String peer) {
        String client = peer;
        for (int hop = hops.size() - 1; hop >= 0; hop--) {
            InetAddress address = address(withoutPort(hops.get(hop)));
            if (address == null) {
                return client;
            }
            client = NetUtil.toAddressString(address);
            if (!include(address)) {
                return client;
            }
        }
        return client;
    }

    /** Some proxies add the caller's port. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            return hop.substring(0, hop.indexOf(']') + 1);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static boolean isOfProxy(String header) {
        return header.regionMatches(true, 0, "X-Forwarded-", 0, 12)
                || OF_PROXIES.stream().anyMatch(header::equalsIgnoreCase);
    }

    private static List<String> values(MultiMap headers, String name) {
        List<String> values = new ArrayList<>();
        for (String line : headers.getAll(name)) {
            values.addAll(Values.list(line));
        }
        return values;
    }
}
