package dev.wsroute.proxy.session;

import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.kube.ListWatch;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A key in a Secret that is watched by name. */
public final class SecretKeySource implements KeySource, ListWatch.Handler<Secret> {

    private final SecretRef ref;
    private final String name;
    private final ListWatch<Secret> watch;
    private volatile @Nullable Sink sink;

    /** @param worker where requests may block */
    public SecretKeySource(KubernetesClient client, SecretRef ref, ScheduledExecutorService worker) {
        this.ref = ref;
        this.name = ref.namespace() + "/" + ref.name();
        // By field: a role that names the one Secret allows no other list.
        this.watch = new ListWatch<>(
                "Secret " + name,
                client.secrets().inNamespace(ref.namespace()).withField("metadata.name", ref.name()),
                this,
                worker);
    }

    @Override
    public void start(Sink to) {
        sink = to;
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }

    @Override
    public void listed(List<Secret> found) {
        if (found.isEmpty()) {
            missing("The Secret " + name + " with the key of session cookies does not exist (yet)");
        }
        found.forEach(this::changed);
    }

    @Override
    public void changed(Secret found) {
        Sink to = sink;
        String value = found.getData() == null ? null : found.getData().get(ref.key());
        if (value == null) {
            missing("The Secret " + name + " has no key " + ref.key() + " for session cookies");
        } else if (to != null) {
            offer(to, value);
        }
    }

    private void offer(Sink to, String value) {
        try {
            to.offer(Base64.getDecoder().decode(value));
        } catch (IllegalArgumentException e) {
            missing("The key " + ref.key() + " of the Secret " + name + " is not base64");
        }
    }

    @Override
    public void deleted(Secret gone) {
        missing("The Secret " + name + " with the key of session cookies was deleted");
    }

    private void missing(String reason) {
        Sink to = sink;
        if (to != null) {
            to.unavailable(reason);
        }
    }
}
