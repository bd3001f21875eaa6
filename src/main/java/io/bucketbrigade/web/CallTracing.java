package io.bucketbrigade.web;

import io.vertx.ext.web.RoutingContext;

/** Follows the calls that the contract knows. It must neither fail nor take time. */
@FunctionalInterface
public interface CallTracing {
    /** The header by which a caller, and then the request gate, says which trace a call belongs to: W3C Trace Context. */
    String TRACE_PARENT = "traceparent";

    /** Nobody wants to see them. */
    CallTracing NONE = (call, template, operation) -> {};

    /**
     * A call has come, and is not yet admitted.
     *
     * @param template its path as the contract has it, without what the caller filled in
     * @param operation its operationId
     */
    void begun(RoutingContext call, String template, String operation);
}
