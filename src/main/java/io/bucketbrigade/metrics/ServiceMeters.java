package io.bucketbrigade.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.File;
import java.nio.file.Path;
import java.util.List;

/** The figures of a service: those that the other parts register here, and those of its process and its disk. */
public final class ServiceMeters implements AutoCloseable {
    /** What breaks Prometheus's conventions, or nobody asks for. */
    private static final List<String> UNWANTED = List.of(
            "app.info",
            "jvm.buffer",
            "jvm.threads.daemon",
            "jvm.threads.peak",
            "jvm.threads.started",
            "jvm.threads.states",
            "process.cpu.time",
            "system");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();

    /** @param data the folder on whose disk the service writes */
    public ServiceMeters(Path data) {
        UNWANTED.forEach(name -> registry.config().meterFilter(MeterFilter.denyNameStartsWith(name)));
        File disk = data.toFile();
        Gauge.builder("brigade.data.free.bytes", disk, File::getUsableSpace)
                .description("Bytes that can still be written to the disk of BRIGADE_DATA")
                .strongReference(true)
                .register(registry);
        Gauge.builder("brigade.data.size.bytes", disk, File::getTotalSpace)
                .description("The size of the disk of BRIGADE_DATA")
                .strongReference(true)
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        garbage.bindTo(registry);
    }

    /** Where figures are registered. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
