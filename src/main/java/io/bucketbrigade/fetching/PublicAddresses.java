package io.bucketbrigade.fetching;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which addresses are of the public internet. All others are those of this machine, of its networks and of the cloud's services, which somebody who
 * may only name a URL must not reach.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IPv4 special-purpose addresses</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry/">IPv6 special-purpose addresses</a>
 */
final class PublicAddresses {
    /** Goes on after what was refused and "but". */
    static final String REFUSED = "addresses of this machine and of private networks are not fetched from."
            + " Correct the address, or set BRIGADE_FETCH_PRIVATE=true.";

    private static final int V4_BYTES = 4;
    /** Nothing else, for other texts would be looked up as names. */
    private static final Pattern LITERAL =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}|\\[[0-9a-fA-F:.]+]");

    private static final List<Network> SPECIAL_V4 = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** Of IPv6, only this is given to hosts of the internet. */
    private static final Network GLOBAL_V6 = network("2000::/3");
    /** Within that: special purposes, documentation and IPv4 packed into IPv6. */
    private static final List<Network> SPECIAL_V6 = networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
    /** An IPv4 address behind a translator. */
    private static final Network TRANSLATED_V4 = network("64:ff9b::/96");

    private PublicAddresses() {}

    /** A network: the bits that all of its addresses begin with. */
    private static final class Network {
        private final byte[] prefix;
        private final int bits;

        Network(byte[] prefix, int bits) {
            this.prefix = prefix;
            this.bits = bits;
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if ((address[bit / Byte.SIZE] & mask) != (prefix[bit / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static List<Network> networks(String... written) {
        return Stream.of(written).map(PublicAddresses::network).toList();
    }

    private static Network network(String written) {
        int slash = written.indexOf('/');
        return new Network(literal(written.substring(0, slash)), Integer.parseInt(written.substring(slash + 1)));
    }

    private static byte[] literal(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalArgumentException(address, notAnAddress);
        }
    }

    /** Whether an address is one of the public internet. */
    static boolean isPublic(InetAddress address) {
        return isPublic(address.getAddress());
    }

    private static boolean isPublic(byte[] address) {
        if (address.length == V4_BYTES) {
            return SPECIAL_V4.stream().noneMatch(network -> network.holds(address));
        }
        if (TRANSLATED_V4.holds(address)) {
            byte[] inner = new byte[V4_BYTES];
            System.arraycopy(address, address.length - V4_BYTES, inner, 0, V4_BYTES);
            return isPublic(inner);
        }
        return GLOBAL_V6.holds(address) && SPECIAL_V6.stream().noneMatch(network -> network.holds(address));
    }

    /** Whether a host is written as an address that is not public, or is this machine's own name. No name is looked up. */
    static boolean isPrivateLiteral(String host) {
        String plain = host.toLowerCase(Locale.ROOT);
        if (plain.equals("localhost") || plain.endsWith(".localhost")) {
            return true;
        }
        return LITERAL.matcher(plain).matches() && !isPublic(literal(plain));
    }
}
