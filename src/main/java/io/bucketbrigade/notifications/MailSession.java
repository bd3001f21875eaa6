package io.bucketbrigade.notifications;

import io.bucketbrigade.settings.Settings;
import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.util.Properties;

/** The way to the mail server. Made here and not in a route's URI, so that no URI holds the password. */
public final class MailSession {
    private static final String CONNECT_WITHIN_MS = "10000";
    private static final String ANSWER_WITHIN_MS = "20000";

    private MailSession() {}

    /** As the settings say. */
    public static Session of(Settings settings) {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", settings.text("brigade.mail.host"));
        properties.setProperty("mail.smtp.port", Integer.toString(settings.number("brigade.mail.port")));
        properties.setProperty("mail.smtp.connectiontimeout", CONNECT_WITHIN_MS);
        properties.setProperty("mail.smtp.timeout", ANSWER_WITHIN_MS);
        properties.setProperty("mail.smtp.writetimeout", ANSWER_WITHIN_MS);
        switch (settings.text("brigade.mail.security")) {
            case "starttls" -> {
                properties.setProperty("mail.smtp.starttls.enable", "true");
                properties.setProperty("mail.smtp.starttls.required", "true");
                properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
            }
            case "tls" -> {
                properties.setProperty("mail.smtp.ssl.enable", "true");
                properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
            }
            default -> {}
        }
        String user = settings.text("brigade.mail.user");
        if (user.isEmpty()) {
            return Session.getInstance(properties);
        }
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.user", user);
        return Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, settings.text("brigade.mail.password"));
            }
        });
    }
}
