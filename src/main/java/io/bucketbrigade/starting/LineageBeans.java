package io.bucketbrigade.starting;

import io.bucketbrigade.lineage.Lineage;
import io.bucketbrigade.lineage.LineageEndpoint;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.RunListener;
import io.bucketbrigade.settings.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.spi.Registry;

/** Events about runs for an OpenLineage endpoint, if one is set. Without one, none of its classes is loaded. */
final class LineageBeans {
    private LineageBeans() {}

    private static boolean isSet(Settings settings) {
        return !settings.text(LineageEndpoint.URL).isEmpty();
    }

    /**
     * Binds what sends the events.
     *
     * @return what writes them, beside the notifications for people
     */
    static RunListener listener(Registry registry, Settings settings, RunListener outbox) {
        registry.bind("lineageEndpoint", LineageEndpoint.class, () -> new LineageEndpoint(settings));
        return isSet(settings)
                ? RunListener.both(
                        outbox, new Lineage(settings, () -> registry.lookupByNameAndType("pipelines", Pipelines.class)))
                : outbox;
    }

    /** By which channels the outbox is sent. */
    static List<String> channels(Settings settings, List<String> toPeople) {
        return isSet(settings)
                ? Stream.concat(toPeople.stream(), Stream.of(LineageEndpoint.CHANNEL))
                        .toList()
                : toPeople;
    }
}
