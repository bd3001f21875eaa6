package io.bucketbrigade.starting;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.tls.ServedTls;
import io.bucketbrigade.tls.TlsFiles;
import io.bucketbrigade.tls.TlsIdentity;
import io.bucketbrigade.tls.TlsRenewal;
import io.bucketbrigade.web.AccessRule;
import io.bucketbrigade.web.ApiKeys;
import io.bucketbrigade.web.CallTracing;
import io.bucketbrigade.web.Connections;
import io.bucketbrigade.web.Contract;
import io.bucketbrigade.web.ContractFiles;
import io.bucketbrigade.web.HealthReport;
import io.bucketbrigade.web.MetricsReport;
import io.bucketbrigade.web.RequestGate;
import io.bucketbrigade.web.TrustedProxies;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.jspecify.annotations.Nullable;

/** What is between the network and the routes: the port, who may come in, and how long they may take. */
final class HttpSetup implements AutoCloseable {
    private final Settings settings;
    private final AccessRule access;
    private final TrustedProxies proxies;
    private final @Nullable TlsFiles tlsFiles;
    private final @Nullable TlsIdentity identity;
    private final @Nullable ServedTls tls;
    private final Connections connections;

    /** @throws Problem if the settings on keys make no sense, or HTTPS can't be served with the files that they name */
    HttpSetup(Settings settings) {
        this.settings = settings;
        this.access = new AccessRule(
                ApiKeys.of(settings.text("brigade.api.key"), settings.text("brigade.api.keys")),
                ApiKeys.of(settings.text("brigade.read.key"), ""),
                settings.text("brigade.http.host"));
        this.proxies = TrustedProxies.of(settings.text("brigade.trusted.proxies"));
        this.tlsFiles = TlsFiles.of(settings).orElse(null);
        this.identity = tlsFiles == null ? null : tlsFiles.identity();
        this.tls = identity == null ? null : new ServedTls(identity);
        this.connections = new Connections(tls);
    }

    /** A port in use is the likeliest reason not to start; it is reported before the database starts rather than after. */
    void checkPort() throws IOException {
        String host = settings.text("brigade.http.host");
        int port = port();
        try (ServerSocket probe = new ServerSocket()) {
            InetAddress address = InetAddress.getByName(host);
            if (!isOfThisMachine(address)) {
                throw elsewhere(host, null);
            }
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
        } catch (BindException taken) {
            throw new Problem(
                    Kind.USAGE,
                    "Port " + port + " on " + host + " can't be used (" + taken.getMessage()
                            + "). Stop what uses it, or set BRIGADE_HTTP_PORT to another one.",
                    taken);
        } catch (UnknownHostException unknown) {
            throw elsewhere(host, unknown);
        }
    }

    private static boolean isOfThisMachine(InetAddress address) throws SocketException {
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }

    private Problem elsewhere(String host, @Nullable Exception cause) {
        return new Problem(
                Kind.USAGE,
                settings.name("brigade.http.host") + " is '" + host
                        + "', which is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all addresses.",
                cause);
    }

    private int port() {
        return settings.number("brigade.http.port");
    }

    /** What HTTPS is served with; none if HTTP is served. */
    Optional<TlsIdentity> identity() {
        return Optional.ofNullable(identity);
    }

    /** Gives Camel the contract: routes serve it, and Camel finds its text as {@code ref:openapi.json}. */
    void bind(Registry registry, ContractFiles files) {
        Contract contract = files.contract();
        registry.bind("contractFiles", files);
        registry.bind("contract", contract);
        registry.bind("openapi.json", contract.json());
    }

    /** Makes Camel's HTTP server one with limits, and puts the request gate before its routes. */
    void bind(Registry registry, Ledger ledger, CallTracing tracing) {
        registry.bind("vertx", Vertx.class, connections.vertx());
        registry.bind("requestGate", new GateInstaller(ledger, tracing));
    }

    /** From now on, requests are asked to come again later: routes stop before the port is closed. */
    void stopSoon() {
        connections.stopSoon();
    }

    @Override
    public void close() {
        connections.close();
    }

    /** Puts the request gate in place when the HTTP server is there, before the first route listens. */
    private final class GateInstaller extends SimpleEventNotifierSupport {
        private final Ledger ledger;
        private final CallTracing tracing;

        GateInstaller(Ledger ledger, CallTracing tracing) {
            this.ledger = ledger;
            this.tracing = tracing;
            setIgnoreCamelContextEvents(false);
        }

        @Override
        public void notify(CamelEvent event) {
            if (event.getType() != CamelEvent.Type.RoutesStarting
                    || !(event instanceof CamelEvent.CamelContextEvent starting)) {
                return;
            }
            CamelContext context = starting.getContext();
            PrometheusMeterRegistry meters =
                    CamelContextHelper.mandatoryLookup(context, "metricsRegistry", PrometheusMeterRegistry.class);
            VertxPlatformHttpRouter router =
                    VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port()));
            new RequestGate(
                            CamelContextHelper.mandatoryLookup(context, "contract", Contract.class),
                            access,
                            proxies,
                            connections,
                            settings.number("brigade.http.body.max"),
                            settings.bytes("brigade.upload.max"),
                            context,
                            ledger::endings,
                            tracing,
                            meters)
                    .guard(router);
            CamelContextHelper.mandatoryLookup(context, "health", HealthReport.class)
                    .answerOn(router);
            new MetricsReport(meters).answerOn(router);
            if (tlsFiles != null && identity != null && tls != null) {
                new TlsRenewal(
                                tlsFiles,
                                identity,
                                tls,
                                CamelContextHelper.mandatoryLookup(context, "degradations", Degradations.class))
                        .watch(connections.own());
            }
        }
    }
}
