#!/bin/sh
# A private Dovecot on loopback, for tests; an installed one is not touched.
#
#   dovecot.sh start DIR [PORT [TLS_PORT [SETTING]]]   starts it and waits until it answers
#   dovecot.sh stop DIR                                stops it with all its children
#
# Everything lies under DIR/dovecot. IMAP with STARTTLS on PORT and with TLS from the start on TLS_PORT (free ones
# where none are given; they stand in DIR/dovecot/port and tls_port), certificate for localhost by DIR/tls/ca.pem.
# Any address is a user, the password is "secret", and its Maildir is DIR/dovecot/mail/ADDRESS with a folder
# Processed. LMTP at DIR/dovecot/lmtp and SASL at DIR/dovecot/auth-client are there for postfix.sh, so start this first.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
verb=$1 dir=$2
run=$dir/dovecot

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
	port=${1:-$(free_port)} tls_port=${2:-$(free_port)} setting=${3:-}
	user=$(id -un) group=$(id -gn)
	[ "$(id -u)" -ne 0 ] || user=dovecot group=dovecot
	mkdir -p "$run/mail" "$run/base"
	chmod 711 "$dir" "$run"
	[ "$(id -u)" -ne 0 ] || chown "$user:$group" "$run/mail"
	[ -e "$dir/tls/localhost.pem" ] || sh "$here/ca.sh" "$dir/tls"
	chmod 711 "$dir/tls"
	cat > "$run/dovecot.conf" <<-END
		base_dir = $run/base
		state_dir = $run/base
		log_path = $run/log
		protocols = imap lmtp
		listen = 127.0.0.1
		ssl = yes
		ssl_cert = <$dir/tls/localhost.pem
		ssl_key = <$dir/tls/localhost.key
		disable_plaintext_auth = no
		auth_mechanisms = plain login
		default_internal_user = $user
		default_internal_group = $group
		default_login_user = $user
		first_valid_uid = 1
		mail_uid = $user
		mail_gid = $group
		mail_location = maildir:$run/mail/%Lu
		mail_fsync = never
		$setting
		passdb {
		  driver = static
		  args = password=secret
		}
		userdb {
		  driver = static
		  args = home=$run/mail/%Lu allow_all_users=yes
		}
		service imap-login {
		  chroot =
		  inet_listener imap {
		    port = $port
		  }
		  inet_listener imaps {
		    port = $tls_port
		  }
		}
		service anvil {
		  chroot =
		}
		service lmtp {
		  unix_listener $run/lmtp {
		    mode = 0666
		  }
		}
		service auth {
		  unix_listener $run/auth-client {
		    mode = 0666
		  }
		}
		namespace inbox {
		  inbox = yes
		  mailbox Processed {
		    auto = create
		  }
		}
	END
	echo "$port" > "$run/port"
	echo "$tls_port" > "$run/tls_port"
	# a process group of its own: its log and anvil children outlive the master, and stop takes them by the group
	setsid dovecot -F -c "$run/dovecot.conf" > "$run/out" 2>&1 < /dev/null &
	echo $! > "$run/pid"
	python3 "$here/wait-port.py" "$port" || {
		cat "$run/out" "$run/log" >&2
		stop
		exit 1
	}
}

stop() {
	[ -e "$run/pid" ] || return 0
	pid=$(cat "$run/pid")
	kill "$pid" 2>/dev/null || true
	# until the master is gone, or a zombie that nobody reaps; then what is left of its group
	for i in 1 2 3 4 5 6 7 8 9 10; do
		grep -q '^State:[^Z]*$' "/proc/$pid/status" 2>/dev/null || break
		sleep 0.2
	done
	kill -9 "-$pid" 2>/dev/null || true
	rm -f "$run/pid"
}

shift 2
case $verb in
start) start "$@" ;;
stop) stop ;;
*) echo "dovecot.sh: start or stop" >&2; exit 64 ;;
esac
