package io.bucketbrigade.web;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** The kind of the setting that names proxies. */
public final class ProxiesKind implements SettingKind {
    @Override
    public String wanted() {
        return "addresses such as 10.0.0.7 or ranges such as 10.0.0.0/8, separated by commas";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        try {
            TrustedProxies.of(value);
        } catch (IllegalArgumentException notAnAddress) {
            throw Values.wrong(name, value, wanted(), notAnAddress);
        }
    }
}
