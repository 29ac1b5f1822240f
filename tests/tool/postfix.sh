#!/bin/sh
# A private Postfix on loopback, for tests; an installed one is not touched. Its master must be started as root.
#
#   postfix.sh start DIR [PORT [SETTING [SERVICE]]]   starts it and waits until it answers; SETTING: lines for main.cf, SERVICE: for
#                                                     master.cf
#   postfix.sh stop DIR                               stops it with all its children
#
# Everything lies under DIR/postfix. Submission on PORT (a free one where none is given; it stands in
# DIR/postfix/port) with STARTTLS, and on the port in DIR/postfix/smtps-port with TLS from the first byte; certificate for localhost by DIR/tls/ca.pem. With dovecot.sh started in the same
# DIR there is AUTH (any user, password "secret"), demanded of everybody, and every recipient is delivered to Dovecot;
# without it there is no AUTH and all mail goes to the Maildir DIR/postfix/mail/all. Nothing leaves the machine.
# Recipients a450@..., a550@... are refused with 450 and 550.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
verb=$1 dir=$2
run=$dir/postfix

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

main_cf() {
	cat <<-END
		compatibility_level = 3.6
		queue_directory = $run/spool
		data_directory = $run/data
		command_directory = /usr/sbin
		daemon_directory = /usr/lib/postfix/sbin
		mail_owner = postfix
		setgid_group = postdrop
		myhostname = mx.plico.example
		mydestination =
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		mynetworks = 127.0.0.0/8
		alias_maps =
		alias_database =
		biff = no
		maillog_file = $run/maillog
		maillog_file_prefixes = $run
		default_transport = error:nothing leaves this machine
		relay_transport = error:nothing leaves this machine
		relayhost =
		virtual_mailbox_domains = static:all
		smtpd_tls_cert_file = $dir/tls/localhost.pem
		smtpd_tls_key_file = $dir/tls/localhost.key
		smtpd_tls_security_level = may
		smtpd_tls_received_header = yes
		smtpd_discard_ehlo_keywords = chunking
		smtpd_client_connection_rate_limit = 0
		message_size_limit = 36700160
		mailbox_size_limit = 0
		virtual_mailbox_limit = 0
	END
	refused='check_recipient_access regexp:{{/^a450@/ 450 4.2.0 greylisted},{/^a550@/ 550 5.1.1 no such user}}'
	if [ -S "$dir/dovecot/auth-client" ]; then
		cat <<-END
			virtual_transport = lmtp:unix:$dir/dovecot/lmtp
			smtpd_sasl_auth_enable = yes
			smtpd_sasl_type = dovecot
			smtpd_sasl_path = $dir/dovecot/auth-client
			smtpd_recipient_restrictions = $refused, permit_sasl_authenticated, reject
		END
	else
		cat <<-END
			virtual_transport = virtual
			virtual_mailbox_base = $run/mail
			virtual_mailbox_maps = static:all/
			virtual_minimum_uid = 1
			virtual_uid_maps = static:$(id -u postfix)
			virtual_gid_maps = static:$(id -g postfix)
			smtpd_recipient_restrictions = $refused, permit_mynetworks, reject
		END
	fi
}

master_cf() {
	cat <<-END
		127.0.0.1:$1 inet n - n - - smtpd
		127.0.0.1:$2 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
		pickup unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		verify unix - - n - 1 verify
		flush unix n - n 1000? 0 flush
		proxymap unix - - n - - proxymap
		smtp unix - - n - - smtp
		relay unix - - n - - smtp
		error unix - - n - - error
		retry unix - - n - - error
		discard unix - - n - - discard
		virtual unix - n n - - virtual
		lmtp unix - - n - - lmtp
		anvil unix - - n - 1 anvil
		scache unix - - n - 1 scache
		postlog unix-dgram n - n - 1 postlogd
	END
}

start() {
	port=${1:-$(free_port)}
	[ "$(id -u)" -eq 0 ] || { echo "postfix.sh: Postfix starts only as root" >&2; exit 77; }
	mkdir -p "$run/etc" "$run/spool" "$run/data" "$run/mail"
	chown postfix "$run/data" "$run/mail"
	chmod 711 "$dir" "$run"
	chmod 755 "$run/spool" "$run/etc"
	[ -e "$dir/tls/localhost.pem" ] || sh "$here/ca.sh" "$dir/tls"
	chmod 711 "$dir/tls"
	main_cf > "$run/etc/main.cf"
	printf '%s\n' "${2:-}" >> "$run/etc/main.cf"
	smtps=$(free_port)
	master_cf "$port" "$smtps" > "$run/etc/master.cf"
	printf '%s\n' "${3:-}" >> "$run/etc/master.cf"
	chmod 644 "$run/etc/"*
	echo "$port" > "$run/port"
	echo "$smtps" > "$run/smtps-port"
	postfix -c "$run/etc" start > "$run/out" 2>&1 && python3 "$here/wait-port.py" "$port" || {
		cat "$run/out" "$run/maillog" >&2
		stop
		exit 1
	}
}

stop() {
	[ -e "$run/spool/pid/master.pid" ] || return 0
	pid=$(tr -d ' ' < "$run/spool/pid/master.pid")
	kill "$pid" 2>/dev/null || true
	# until the master is gone, or a zombie that nobody reaps; then what is left of its group
	for i in 1 2 3 4 5 6 7 8 9 10; do
		grep -q '^State:[^Z]*$' "/proc/$pid/status" 2>/dev/null || break
		sleep 0.2
	done
	kill -9 "-$pid" 2>/dev/null || true
	rm -f "$run/spool/pid/master.pid"
}

shift 2
case $verb in
start) start "$@" ;;
stop) stop ;;
*) echo "postfix.sh: start or stop" >&2; exit 64 ;;
esac
