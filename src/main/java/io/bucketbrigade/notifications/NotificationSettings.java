package io.bucketbrigade.notifications;

import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which runs people are notified of, and how.
 *
 * @param channels by which notifications are sent; none if nobody is notified
 * @param outcomes the outcomes that people are notified of
 * @param pipelines the pipelines that people are notified of; all if empty
 * @param subject the subject, with {prefix}, {pipeline}, {outcome} and {run} in it
 * @param prefix what {prefix} stands for
 * @param link the address of the page
 */
public record NotificationSettings(
        List<String> channels,
        Set<Outcome> outcomes,
        Set<String> pipelines,
        String subject,
        String prefix,
        String link) {

    /** Reads them from the settings. */
    public static NotificationSettings of(Settings settings) {
        List<String> channels = new ArrayList<>();
        if (!settings.text("brigade.mail.to").isEmpty()) {
            channels.add("mail");
        }
        if (!settings.text("brigade.sns.topic").isEmpty()) {
            channels.add("sns");
        }
        List<String> outcomes = Values.list(settings.text("brigade.notify.on").toUpperCase(Locale.ROOT));
        return new NotificationSettings(
                List.copyOf(channels),
                Stream.of(Outcome.values())
                        .filter(outcome -> outcomes.contains(outcome.name()))
                        .collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(Values.list(settings.text("brigade.notify.pipelines"))),
                settings.text("brigade.notify.subject"),
                settings.text("brigade.notify.prefix"),
                link(settings).replaceAll("/+$", ""));
    }

    /** The default knows the port, but not whether HTTPS is served. */
    private static String link(Settings settings) {
        String link = settings.text("brigade.notify.link");
        boolean isDefault = link.equals("http://localhost:" + settings.text("brigade.http.port"));
        return isDefault && !settings.text("brigade.tls.cert").isEmpty() ? link.replace("http:", "https:") : link;
    }

    /**
     * The subject of a notification.
     *
     * @param run the number of the run; blank if it has none
     */
    public String subject(String pipeline, Outcome outcome, String run) {
        return subject.replace("{prefix}", prefix)
                .replace("{pipeline}", pipeline)
                .replace("{outcome}", NotificationText.word(outcome))
                .replace("{run}", run)
                .replaceAll("[\\r\\n]+", " ");
    }
}
