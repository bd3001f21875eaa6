package io.bucketbrigade.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Where the steps of an exchange come in a trace; the exchange carries it, and so do its copies.
 *
 * @param context the span around
 * @param run the run that it is a part of; null if it is not
 */
record TracedExchange(Context context, @Nullable RunSpan run) {
    private static final String PROPERTY = "brigadeTrace";
    private static final ContextKey<Context> CALL = ContextKey.named("brigade-call");

    /** Of a call, to which also runs belong that it asks for. */
    static TracedExchange ofCall(Context call) {
        return new TracedExchange(call.with(CALL, call), null);
    }

    /** The call in whose thread we are; nothing if we are in none. */
    static Context currentCall() {
        Context call = Context.current().get(CALL);
        return call == null ? Context.root() : call;
    }

    static @Nullable TracedExchange of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, TracedExchange.class);
    }

    static void set(Exchange exchange, @Nullable TracedExchange traced) {
        if (traced == null) {
            exchange.removeProperty(PROPERTY);
        } else {
            exchange.setProperty(PROPERTY, traced);
        }
    }
}
