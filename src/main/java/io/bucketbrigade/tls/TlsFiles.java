package io.bucketbrigade.tls;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The files with which HTTPS is served: a certificate followed by those of its issuers, and its private key, both in PEM form. */
public final class TlsFiles {
    static final String CERTIFICATE = "brigade.tls.cert";
    static final String KEY = "brigade.tls.key";

    private final PemFile certificate;
    private final PemFile key;

    private TlsFiles(PemFile certificate, PemFile key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** Whether HTTPS is served. */
    public static boolean areNamed(Settings settings) {
        return !settings.text(CERTIFICATE).isEmpty();
    }

    /**
     * The files that the settings name; none if HTTP is served.
     *
     * @throws Problem if only one of them is named
     */
    public static Optional<TlsFiles> of(Settings settings) {
        boolean hasCertificate = areNamed(settings);
        boolean hasKey = !settings.text(KEY).isEmpty();
        if (hasCertificate != hasKey) {
            throw new Problem(
                    Kind.USAGE,
                    settings.name(hasCertificate ? CERTIFICATE : KEY) + " is set, but "
                            + Settings.variable(hasCertificate ? KEY : CERTIFICATE)
                            + " is not. Set both to serve HTTPS, or neither to serve HTTP.");
        }
        return hasCertificate
                ? Optional.of(new TlsFiles(PemFile.of(settings, CERTIFICATE), PemFile.of(settings, KEY)))
                : Optional.empty();
    }

    /**
     * The certificate in the file of the setting.
     *
     * @throws Problem if there is none
     */
    static X509Certificate certificate(Settings settings) {
        PemFile file = PemFile.of(settings, CERTIFICATE);
        return certificates(file, file.read()).get(0);
    }

    /**
     * What is in the files now.
     *
     * @throws Problem if one of them can't be read
     */
    Content read() {
        return new Content(certificate.read(), key.read());
    }

    /** The texts of both files. */
    record Content(String certificate, String key) {}

    /**
     * Checks everything that would keep callers from connecting.
     *
     * @throws Problem if the files can't be used: unreadable, of no pair, expired; the message says which, and what to do
     */
    public TlsIdentity identity() {
        return identity(read());
    }

    TlsIdentity identity(Content content) {
        List<X509Certificate> chain = certificates(certificate, content.certificate());
        X509Certificate own = chain.get(0);
        Instant now = Instant.now();
        if (own.getNotAfter().toInstant().isBefore(now)) {
            throw certificate.problem(
                    "whose certificate expired on " + TlsIdentity.time(own.getNotAfter()) + ". Renew it", null);
        }
        if (own.getNotBefore().toInstant().isAfter(now)) {
            throw certificate.problem(
                    "whose certificate is valid only from " + TlsIdentity.time(own.getNotBefore())
                            + ". Check the clock of this machine, or use another certificate",
                    null);
        }
        return TlsIdentity.of(
                String.join("", PemFile.blocks(content.certificate(), "CERTIFICATE")),
                privateKey(content.key()),
                own,
                certificate,
                key);
    }

    private static List<X509Certificate> certificates(PemFile file, String text) {
        List<String> blocks = PemFile.blocks(text, "CERTIFICATE");
        if (blocks.isEmpty()) {
            throw file.problem(
                    "which holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)."
                            + " Name the file with the certificate and its issuers, such as certbot's fullchain.pem",
                    null);
        }
        if (PemFile.count(text, "CERTIFICATE") != blocks.size()) {
            throw file.problem("which holds a certificate without its end. Copy the file again", null);
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return factory
                    .generateCertificates(
                            new ByteArrayInputStream(String.join("", blocks).getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException broken) {
            throw file.problem("which holds a certificate that can't be read. Copy the file again", broken);
        }
    }

    private String privateKey(String text) {
        List<String> keys = PemFile.blocks(text, "(?:RSA |EC )?PRIVATE KEY");
        if (keys.size() == 1) {
            return keys.get(0);
        }
        if (PemFile.count(text, "ENCRYPTED PRIVATE KEY") > 0 || text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw key.problem(
                    "whose key is encrypted. Write it without a passphrase: openssl pkey -in " + key.path()
                            + " -out NEW-FILE",
                    null);
        }
        throw key.problem(
                (keys.isEmpty() ? "which holds no private key" : "which holds more than one private key")
                        + " in PEM form (-----BEGIN PRIVATE KEY-----). Name the file with the certificate's key, such as"
                        + " certbot's privkey.pem",
                null);
    }
}
