package io.bucketbrigade.tls;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.Settings;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How our own commands recognise the service: by the very certificate that BRIGADE_TLS_CERT names, which may be of any name
 * and issuer, or else as Java does.
 */
public final class TlsTrust extends X509ExtendedTrustManager {
    private final Settings settings;
    private final X509Certificate known;
    private final X509ExtendedTrustManager others;

    private TlsTrust(Settings settings, X509ExtendedTrustManager others) {
        this.settings = settings;
        this.known = TlsFiles.certificate(settings);
        this.others = others;
    }

    /**
     * What a client needs to call the service.
     *
     * @throws Problem if the certificate can't be read
     */
    public static SSLContext of(Settings settings) {
        try {
            if (!TlsFiles.areNamed(settings)) {
                return SSLContext.getDefault();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TlsTrust(settings, ofJava())}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509ExtendedTrustManager ofJava() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private boolean isKnown(X509Certificate[] chain) {
        return chain.length > 0 && (chain[0].equals(known) || isRenewed(chain[0]));
    }

    /** While a long command ran, the file may have been replaced. */
    private boolean isRenewed(X509Certificate shown) {
        try {
            return shown.equals(TlsFiles.certificate(settings));
        } catch (Problem unreadable) {
            return false;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        if (!isKnown(chain)) {
            others.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        if (!isKnown(chain)) {
            others.checkServerTrusted(chain, type, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        if (!isKnown(chain)) {
            others.checkServerTrusted(chain, type);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        others.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        others.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        others.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return others.getAcceptedIssuers();
    }
}
