"""Files that together say everything that can be said.

In: nothing. Out: texts, each a good file, of which a test changes one word after the other. Never what a person would
write.
"""

from __future__ import annotations

WEB = """\
version: 1
network:
  name: full
  domain: example.org
  dns: {enabled: true, upstream: ["tls://198.18.7.7#dns.example", 198.18.7.8], dnssec: false, private: [lan.example]}
  https:
    email: ada@example.org
    ca: https://ca.example/dir
    dns: "cloudflare {env.TOKEN}"
    secrets: {TOKEN: token}
    program: /usr/local/bin/caddy
    offline: "<h1>soon</h1>"
    raw: "grace_period 3s"
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: {to: admin@home.lan, via: vps}, lan: 192.168.2.0/24, egress: vps, programs: {mysql: 3306}}
services:
  cloud:
    host: home
    ports: {web: 80, api: 8080}
    expose:
      - https: cloud.example.org
        to: web
        path: /api
        strip: true
        tls: gateway
        headers: {X-Frame-Options: DENY}
        request_headers: {X-From: warren}
        max_body: 10m
        raw: "encode gzip"
        auth: {basic: {alice: "$2a$04$rDKWZ2yS7c2DXAAmtsKVXe0J/TXLV3tUQ20BaDZ1mYIRb98GzbnZu"}}
      - {https: cloud.example.org, to: api, path: /b, auth: {forward: {to: auth.web, uri: /v, copy: [Remote-User]}}}
  auth: {host: home, ports: {web: 9000}}
secrets: {token: env:TOKEN}
"""

RUN = """\
version: 1
network: {name: full}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10, tunnel: {port: 51820, keepalive: 20}}
  home: {ssh: admin@home.lan, lan: 192.168.2.0/24, egress: vps, acknowledge: {no-firewall: x}}
services:
  cloud:
    host: home
    connections: 100
    update: {policy: registry, when: daily, within: 5m}
    lan: {parent: eth0, mode: macvlan, address: 192.168.2.77/24, mac: "02:00:00:00:00:01"}
    acknowledge: {privileged: x}
    containers:
      app:
        image: "cloud:31"
        entrypoint: [run]
        command: [serve]
        env_file: [app.env]
        environment: {A: b}
        volumes:
          - {type: volume, source: data, target: /data, volume: {nocopy: true}}
          - {type: bind, source: /srv/x, target: /x, read_only: true, bind: {propagation: rslave, selinux: z}}
          - {type: tmpfs, target: /t, tmpfs: {size: 1m, mode: "1777"}}
        devices: [/dev/fuse]
        tmpfs: [/tmp]
        secrets: [{source: pw, type: file, target: /etc/pw, uid: "1000", gid: "1000", mode: "400"}]
        user: "1000"
        group_add: [audio]
        cap_add: [NET_BIND_SERVICE]
        cap_drop: [ALL]
        security_opt: [no-new-privileges]
        privileged: true
        read_only: true
        healthcheck: {test: [CMD, ping], timeout: 3s, start_period: 1s, start_interval: 1s}
        depends_on: {cache: {condition: service_started, restart: true, required: true}}
        annotations: {a: b}
        hostname: app.example
        extra_hosts: {a.example: 192.0.2.1}
        sysctls: {kernel.msgmax: "8192"}
        shm_size: 64m
        ulimits: {nofile: {soft: 100, hard: 200}}
        pull_policy: missing
        working_dir: /srv
        stop_signal: SIGTERM
        stop_grace_period: 5s
        pids_limit: 100
        listens: [8080]
        quadlet: [AutoUpdate=registry]
      cache: {image: "redis:7", healthcheck: {disable: true}, userns_mode: host}
  tool:
    host: home
    unit: {command: [/usr/bin/tool, x], environment: {A: b}, env_file: [t.env], secrets: [pw],
      systemd: [Nice=5], working_dir: /srv}
    ports: {web: 80}
secrets: {pw: {file: pw.txt}, key: {env: KEY}, old: {command: [pass, show]}, enc: {age: x.age}}
"""
