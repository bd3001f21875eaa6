package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what a route reads. It is closed when the exchange is done, however that ends. */
public final class OpenInputs {
    private static final Logger LOG = LoggerFactory.getLogger(OpenInputs.class);

    private final Locations locations;

    public OpenInputs(Locations locations) {
        this.locations = locations;
    }

    /**
     * Opens what a run claimed.
     *
     * @throws InputsChanged if another version lies there by now
     * @throws IOException if something can't be read
     */
    public Inputs claimed(Run run, Exchange exchange) throws IOException {
        Inputs inputs = closing(new Inputs(), exchange);
        inputs.countReadsIn(run.bytesRead());
        for (Identity identity : run.inputs()) {
            inputs.with(identity.name(), locations.of(identity.location()).open(identity));
        }
        if (!inputs.identities().equals(run.inputs())) {
            throw new InputsChanged(run.inputs().stream().map(Identity::name).toList());
        }
        return inputs;
    }

    /**
     * Opens a single file or object, wherever it lies.
     *
     * @param role the name under which the pipeline knows it
     * @throws IOException if it is not there or can't be read
     */
    public Inputs file(String role, String path, Exchange exchange) throws IOException {
        return closing(new Inputs().with(role, locations.open(path)), exchange);
    }

    /** Closes files when an exchange is done. */
    public static Inputs closing(Inputs inputs, Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                close(inputs);
            }
        });
        return inputs;
    }

    /** Closes what nobody reads any more; a fault in doing so changes no result, so it is only logged. */
    static void close(Inputs inputs) {
        try {
            inputs.close();
        } catch (IOException e) {
            LOG.warn("Inputs could not be closed: {}", e.getMessage());
        }
    }
}
