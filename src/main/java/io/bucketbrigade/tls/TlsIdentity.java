package io.bucketbrigade.tls;

import io.bucketbrigade.problems.Problem;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/** A certificate with its issuers and its key, which belong together. */
public final class TlsIdentity {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String chain;
    private final KeyManagerFactory keys;
    private final SslContext context;
    private final X509Certificate certificate;

    private TlsIdentity(String chain, KeyManagerFactory keys, SslContext context, X509Certificate certificate) {
        this.chain = chain;
        this.keys = keys;
        this.context = context;
        this.certificate = certificate;
    }

    /** @throws Problem if they don't belong together, or are of a kind that Java does not know */
    static TlsIdentity of(
            String chain, String privateKey, X509Certificate certificate, PemFile chainFile, PemFile keyFile) {
        PemKeyCertOptions pem = new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(chain, "ISO-8859-1"))
                .addKeyValue(Buffer.buffer(privateKey, "ISO-8859-1"));
        PrivateKey key;
        KeyManagerFactory keys;
        SslContext context;
        try {
            keys = pem.getKeyManagerFactory(null);
            key = key(keys, certificate);
            context = SslContextBuilder.forServer(keys)
                    .sslProvider(SslProvider.JDK)
                    .protocols(ServedTls.PROTOCOLS)
                    .build();
        } catch (KeyStoreException disorder) {
            throw chainFile.problem(
                    "whose certificates are not in order. Write the service's own first, then the one that issued it,"
                            + " and so on",
                    disorder);
        } catch (Exception unreadable) {
            if (String.valueOf(unreadable.getMessage()).startsWith("private key algorithm does not match")) {
                throw noPair(chainFile, keyFile);
            }
            throw keyFile.problem(
                    "which holds a key that can't be read. Use an RSA or EC key, as openssl and certbot write them",
                    unreadable);
        }
        if (!isPair(key, certificate)) {
            throw noPair(chainFile, keyFile);
        }
        return new TlsIdentity(chain, keys, context, certificate);
    }

    private static Problem noPair(PemFile chainFile, PemFile keyFile) {
        return keyFile.problem(
                "which is not the key of the certificate in " + chainFile.path()
                        + ". Put the certificate and the key there that were made together",
                null);
    }

    /** As the server reads it. */
    private static PrivateKey key(KeyManagerFactory factory, X509Certificate certificate)
            throws GeneralSecurityException {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509KeyManager keys) {
                String[] aliases = keys.getServerAliases(algorithm, null);
                if (aliases != null && aliases.length > 0) {
                    return keys.getPrivateKey(aliases[0]);
                }
            }
        }
        throw new GeneralSecurityException("no key of a certificate with " + algorithm);
    }

    private static boolean isPair(PrivateKey key, X509Certificate certificate) {
        byte[] probe = {1, 2, 3};
        try {
            Signature signature =
                    Signature.getInstance("RSA".equals(key.getAlgorithm()) ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    KeyManagerFactory keys() {
        return keys;
    }

    /** What makes connections that show it. */
    SslContext context() {
        return context;
    }

    /** Whom it is of and until when it is valid, in words. */
    public String described() {
        return "the certificate of " + certificate.getSubjectX500Principal().getName() + ", valid until "
                + time(certificate.getNotAfter());
    }

    /** Whether callers get the same, issuers included. */
    boolean isSame(TlsIdentity other) {
        return chain.equals(other.chain);
    }

    /** Until when it is valid. */
    public Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    static String time(Date date) {
        return TIME.format(date.toInstant());
    }
}
