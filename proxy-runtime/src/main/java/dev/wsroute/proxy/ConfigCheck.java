// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.logging.Printable;
import dev.wsroute.proxy.config.ConfigFile;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.config.ConnectionCapacity;
import dev.wsroute.proxy.memory.ConnectionRoom;
import dev.wsroute.proxy.rebalance.Rebalancing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Checks a configuration file without serving it.
 *
 * @param room the number of connections that there is memory for
 * @param reports whether the proxy would report to a ConfigMap
 */
record ConfigCheck(Path file, ConnectionRoom room, boolean reports) {

    /**
     * Prints what is wrong, or that nothing is.
     *
     * @return whether the proxy would take the file
     * @throws ProxyStartException if the file cannot be read
     */
    boolean run(PrintWriter out, PrintWriter err) throws ProxyStartException {
        try {
            ConfigText text = ConfigFile.read(file);
            ProxyConfigParser.Parsed result = new ProxyConfigParser().parse(text.text(), text.format(), true);
            ProxyConfig parsed = result.config();
            String tooMany = ConnectionCapacity.fault(parsed, room);
            String fault = tooMany == null ? Rebalancing.fault(parsed, reports) : tooMany;
            if (fault != null) {
                err.println(file + ": " + fault);
                err.flush();
                return false;
            }
            result.warnings().forEach(warning -> err.println(file + ": " + Printable.of(warning)));
            err.flush();
            out.println("OK: " + file + " has " + parsed.listeners().size() + " listener(s) and "
                    + parsed.routes().size() + " route(s)");
            out.flush();
            return true;
        } catch (InvalidConfigException e) {
            e.sentences().forEach(sentence -> err.println(file + ": " + Printable.of(sentence)));
            err.flush();
            return false;
        } catch (IOException e) {
            throw new ProxyStartException(String.valueOf(e.getMessage()), e);
        }
    }
}
