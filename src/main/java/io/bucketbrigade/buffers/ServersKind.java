package io.bucketbrigade.buffers;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.util.List;

/** The kind of the setting that names the brokers of Kafka. */
public final class ServersKind implements SettingKind {
    private static final int HIGHEST_PORT = 65_535;

    @Override
    public String wanted() {
        return "hosts with ports such as broker-1:9092,broker-2:9092";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        List<String> servers = Values.list(value);
        if (servers.isEmpty() || !servers.stream().allMatch(ServersKind::isServer)) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }

    private static boolean isServer(String server) {
        if (!server.matches("([\\p{L}\\p{N}._-]+|\\[[0-9A-Fa-f:.%]+]):\\d{1,5}")) {
            return false;
        }
        int port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        return port >= 1 && port <= HIGHEST_PORT;
    }
}
