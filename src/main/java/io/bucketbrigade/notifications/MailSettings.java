package io.bucketbrigade.notifications;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.Settings;
import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.util.Locale;
import java.util.Properties;

/**
 * How the mail server is reached.
 *
 * @param host the server
 * @param port its port
 * @param security how the connection is encrypted
 * @param user who logs in; empty if nobody has to
 * @param password the user's password, which is never printed
 */
public record MailSettings(String host, int port, Security security, String user, String password) {
    private static final String CONNECT_WITHIN_MS = "10000";
    private static final String ANSWER_WITHIN_MS = "20000";

    /** How the connection is encrypted: not at all, once the server has been asked to, or from the first byte. */
    public enum Security {
        NONE,
        STARTTLS,
        TLS
    }

    /**
     * Reads them from the settings.
     *
     * @throws Problem if the port can't be used
     * @throws IllegalArgumentException if there is no such security
     */
    public static MailSettings of(Settings settings) {
        return new MailSettings(
                settings.text("brigade.mail.host"),
                settings.number("brigade.mail.port"),
                Security.valueOf(settings.text("brigade.mail.security").toUpperCase(Locale.ROOT)),
                settings.text("brigade.mail.user"),
                settings.text("brigade.mail.password"));
    }

    /** The way to the mail server. Made here and not in a route's URI, so that no URI holds the password. */
    public Session session() {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", host);
        properties.setProperty("mail.smtp.port", Integer.toString(port));
        properties.setProperty("mail.smtp.connectiontimeout", CONNECT_WITHIN_MS);
        properties.setProperty("mail.smtp.timeout", ANSWER_WITHIN_MS);
        properties.setProperty("mail.smtp.writetimeout", ANSWER_WITHIN_MS);
        switch (security) {
            case STARTTLS -> {
                properties.setProperty("mail.smtp.starttls.enable", "true");
                properties.setProperty("mail.smtp.starttls.required", "true");
                properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
            }
            case TLS -> {
                properties.setProperty("mail.smtp.ssl.enable", "true");
                properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
            }
            case NONE -> {}
        }
        if (user.isEmpty()) {
            return Session.getInstance(properties);
        }
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.user", user);
        return Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password);
            }
        });
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + " " + security;
    }
}
