package io.bucketbrigade.settings;

import java.util.Map;

/**
 * Variables that Kubernetes and Docker set for services: one called {@code orders} has ORDERS_PORT=tcp://10.0.0.1:80,
 * ORDERS_SERVICE_HOST, ORDERS_PORT_80_TCP_ADDR and others. They are not settings, even if one has the name of a setting.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">Kubernetes</a>
 */
final class PlatformVariables {
    private static final String PROTOCOL = "(TCP|UDP|SCTP)";

    private PlatformVariables() {}

    /** Whether it is one of them by its name. */
    static boolean include(String variable, Map<String, String> environment) {
        return variable.matches("\\w+_PORT_\\d+_" + PROTOCOL + "(_(PROTO|PORT|ADDR))?")
                || variable.endsWith("_SERVICE_HOST")
                || (variable.matches("\\w+_SERVICE_PORT(_\\w+)?")
                        && environment.containsKey(variable.replaceFirst("_SERVICE_PORT.*", "_SERVICE_HOST")));
    }

    /** Whether it is one of them by its value, which a setting called like that never has. */
    static boolean isAddressOfService(String variable, String value) {
        return variable.endsWith("_PORT") && value.matches("(?i)" + PROTOCOL + "://\\S+:\\d+");
    }
}
