// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import java.util.Map;

/**
 * The settings in the environment.
 *
 * @param address to listen on
 * @param port to listen on; 0 lets the system choose
 * @param name sent to clients
 * @param onSigterm how SIGTERM is handled
 */
record EchoSettings(String address, int port, String name, OnSigterm onSigterm) {

    static final String USAGE = """
            Usage: wsroute-echo, without arguments. Environment:
              PORT        port to listen on, default 8010
              POD_IP      address to listen on, default 0.0.0.0
              POD_NAME    name that clients are told, default echo
              ON_SIGTERM  drain (the default), close or ignore""";

    private static final int MAX_PORT = 65535;

    /** @throws IllegalArgumentException with a sentence for the user */
    static EchoSettings of(String[] arguments, Map<String, String> environment) {
        if (arguments.length > 0) {
            throw new IllegalArgumentException("there are no flags, got '" + arguments[0] + "'");
        }
        return new EchoSettings(
                environment.getOrDefault("POD_IP", "0.0.0.0"),
                port(environment.getOrDefault("PORT", "8010")),
                environment.getOrDefault("POD_NAME", "echo"),
                OnSigterm.of(environment.get("ON_SIGTERM")));
    }

    private static int port(String text) {
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("PORT must be between 0 and 65535, got '" + text + "'");
        }
        return port;
    }
}
